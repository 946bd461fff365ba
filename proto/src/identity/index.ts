/** Who speaks: addresses, links, certificates, and what signatures cover. */

export * from './address.js';
export * from './certificate.js';
export * from './edge-address.js';
export * from './link.js';
export * from './signing.js';
export * from './ticket.js';
