/** Pieces: cutting and signing, reading, and putting chunks together again. */

export * from './assembler.js';
export * from './cutter.js';
export * from './header.js';
export * from './piece.js';
