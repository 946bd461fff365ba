/** A studio and its clients for tests: the real command, and pages with Chromium's own fake camera and microphone. */

import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { openBrowser, type TestBrowser, untilTrue } from '../browser.js';
import { FreshetProcess } from '../freshet-process.js';

/** Where a started studio is. */
export type StudioReady = {
  readonly process: FreshetProcess;
  readonly watch: string;
  readonly page: string;
  readonly whip: string;
  readonly streamKey: string;
};

/** Starts `freshet studio` on this machine only. */
export async function startStudio(...args: string[]): Promise<StudioReady> {
  const local = ['--port', '0', '--host', '127.0.0.1', '--control-port', '0', '--json'];
  const process = new FreshetProcess(['studio', ...local, ...args]);
  const ready = await process.waitFor(({ event }) => event === 'ready');
  const { studio } = ready;
  const field = (name: string): string => {
    if (typeof studio !== 'object' || studio === null) return '';
    return String(new Map(Object.entries(studio)).get(name));
  };
  const watch = String(ready.watch);
  return { process, watch, page: field('page'), whip: field('whip'), streamKey: field('streamKey') };
}

/** A Chromium with a camera, a microphone and a screen that are made up, and nobody to ask. */
export function openStudioBrowser(): Promise<TestBrowser> {
  return openBrowser({
    flags: [
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      '--auto-select-desktop-capture-source=Entire screen',
    ],
  });
}

/** Opens the studio page and goes live. */
export async function goLiveIn(browser: TestBrowser, studio: StudioReady): Promise<Page> {
  const page = await browser.context.newPage();
  await page.goto(studio.page);
  await untilTrue(page, "document.querySelector('#preview').videoWidth > 0");
  await page.click('#go');
  await untilOnAir(page);
  return page;
}

/** Waits until the page says that it is on air. */
export function untilOnAir(page: Page): Promise<void> {
  return untilTrue(page, "document.querySelector('#badge-text').textContent.startsWith('On air')", 30_000);
}

/** Process ids of the ffmpegs that a studio runs at the moment. */
export function ffmpegsOf({ process }: StudioReady): readonly number[] {
  const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').trim();
  return children
    .split(/\s+/)
    .filter((id) => id !== '' && readFileSync(`/proc/${id}/comm`, 'utf8').trim() === 'ffmpeg')
    .map(Number);
}

/** What a WHIP client got for its offer. */
export type WhipOutcome = { readonly status: number; readonly text: string; readonly session: string };

/** Publishes by WHIP with the browser's own RTCPeerConnection, from a page of no studio. */
export async function publishByWhip(
  browser: TestBrowser,
  studio: StudioReady,
  token: string = studio.streamKey,
): Promise<{ readonly page: Page; readonly outcome: WhipOutcome }> {
  const page = await browser.context.newPage();
  await page.goto(new URL('/base.css', studio.page).href);
  const outcome = await page.evaluate(
    async ({ whip, key }) => {
      const stream = await navigator.mediaDevices.getUserMedia({
        video: { width: 640, height: 360, frameRate: 30 },
        audio: true,
      });
      const connection = new RTCPeerConnection();
      Object.assign(globalThis, { connection });
      const senders = stream
        .getTracks()
        .map((track) => connection.addTransceiver(track, { direction: 'sendonly', streams: [stream] }));
      const codecs = RTCRtpSender.getCapabilities('video')?.codecs ?? [];
      senders
        .find(({ sender }) => sender.track?.kind === 'video')
        ?.setCodecPreferences(codecs.filter(({ mimeType }) => /h264|rtx/i.test(mimeType)));
      await connection.setLocalDescription();
      const reply = await fetch(whip, {
        method: 'POST',
        headers: { 'Content-Type': 'application/sdp', Authorization: `Bearer ${key}` },
        body: connection.localDescription?.sdp ?? '',
      });
      const text = await reply.text();
      if (reply.status === 201) await connection.setRemoteDescription({ type: 'answer', sdp: text });
      const session = new URL(reply.headers.get('Location') ?? '', whip).href;
      return { status: reply.status, text, session };
    },
    { whip: studio.whip, key: token },
  );
  return { page, outcome };
}
