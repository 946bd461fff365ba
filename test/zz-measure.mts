import { openSync, readSync, statSync, copyFileSync, readFileSync } from 'node:fs';
import { Cmaf, mediaUs, wallMs } from '@freshet/proto';
import { Mp4Recorder } from '../viewer/src/app/mp4-recorder.js';
const src = readFileSync('/tmp/w6/long.mp4');
const boxes = []; let at = 0;
while (at < src.length) { const size = src.readUInt32BE(at); boxes.push({type: src.toString('latin1', at+4, at+8), bytes: src.subarray(at, at+size)}); at += size; }
const init = Buffer.concat([boxes[0].bytes, boxes[1].bytes]);
const parsed = Cmaf.parseInit(init)!;
const chunks: any[] = []; let parts: Buffer[] = []; let v: any;
for (const b of boxes.slice(2)) { parts.push(b.bytes);
  if (b.type === 'moof') { const t = Cmaf.parseMoof(b.bytes, parsed)?.tracks.find(t => t.trackId === 1); if (t) v = t; }
  if (b.type === 'mdat' && v) { chunks.push({ isKeyframe: v.startsWithSync, us: v.baseMediaDecodeTime/parsed.tracks[0].timescale*1e6, bytes: Buffer.concat(parts)}); parts=[]; v=undefined; } }
console.log('chunks', chunks.length);
const rec = new Mp4Recorder({ path: '/tmp/w6/rec.mp4', mayReplace: true }, { onClosed(){}, onFailed(e){console.log(e)}, onNote(t){console.log(t)}, onRecorded(r){console.log(r)} });
const t0 = performance.now(), c0 = process.cpuUsage();
let n = 0;
for (let epoch = 1; epoch <= 6; epoch++) {
  rec.setFormat(epoch, init);
  for (const [i, c] of chunks.entries()) { rec.addChunk({ epoch, renditionId: 1, chunkNumber: i, isKeyframe: c.isKeyframe, mediaTimeUs: mediaUs(c.us), durationUs: 33333, captureMs: wallMs(0), bytes: c.bytes }); if (++n % 300 === 0) await new Promise(r => setImmediate(r)); while (n % 300 === 0 && (globalThis as any).x) {} }
  while (rec.progress.durationMs < epoch * 600_000 - 1000) await new Promise(r => setTimeout(r, 20));
}
console.log('fed', performance.now() - t0, process.cpuUsage(c0));
await new Promise(r => setTimeout(r, 200));
copyFileSync('/tmp/w6/rec.mp4', '/tmp/w6/frag.mp4');
const m = process.memoryUsage();
const t1 = performance.now(); await rec.end(); console.log('finish ms', performance.now() - t1, statSync('/tmp/w6/rec.mp4').size, m.rss/1e6, m.arrayBuffers/1e6);
