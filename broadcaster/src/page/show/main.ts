/** The show's page: what viewers are told, on air or not, markers, recording, links. */

import { build } from '../dom/build.js';
import { showNavigation } from '../navigation/navigation.js';
import { MarkerCard, RecordingCard, ScheduleCard, StageBar } from './control-card.js';
import { shareCard } from './share-card.js';
import { ask, type Share, type ShowState } from './show-state.js';
import { WordsCard } from './words-card.js';

/** Between two looks at the show. */
const LOOK_MS = 1_000;

const main = document.getElementById('show') ?? document.body;
const status = build('p', { className: 'quiet wide', attributes: { role: 'status' } });

const say = (text: string, isTrouble = false): void => {
  status.textContent = text;
  status.classList.toggle('trouble', isTrouble);
};

const failed = (cause: unknown): void => say(cause instanceof Error ? cause.message : String(cause), true);

const act = (work: () => Promise<unknown>, done: string): void => {
  work().then(() => {
    say(done);
    return look();
  }, failed);
};

const bar = new StageBar(act);
const words = new WordsCard(act);
const markers = new MarkerCard(act);
const schedule = new ScheduleCard(act);
const recording = new RecordingCard();

let isLost = false;

async function look(): Promise<void> {
  try {
    const state = await ask<ShowState>('/api/show');
    if (isLost) say('The broadcaster is back.');
    isLost = false;
    for (const part of [bar, words, markers, schedule, recording]) part.update(state);
    document.title = `${state.state === 'live' ? '● ' : ''}${state.title} — Freshet`;
  } catch (cause) {
    isLost = true;
    failed(cause);
  }
}

async function keyNote(): Promise<readonly HTMLElement[]> {
  const { isNewKey } = await ask<{ readonly isNewKey: boolean }>('/api/keys');
  if (!isNewKey) return [];
  const link = build('a', { text: 'Make a backup', attributes: { href: '/keys' } });
  const text = 'Your channel has a new key, and there is no copy of it yet. ';
  return [build('p', { className: 'note wide', children: [text, link, ': it takes two minutes.'] })];
}

async function start(): Promise<void> {
  await look();
  const share = await ask<Share>('/api/share');
  const right = [markers.element, recording.element, schedule.element];
  const column = build('div', { className: 'column', children: right });
  const links = shareCard(share, say);
  main.replaceChildren(bar.element, ...(await keyNote()), status, words.element, column, links);
  main.setAttribute('aria-busy', 'false');
  setInterval(() => void look(), LOOK_MS);
}

start().catch((cause: unknown) => {
  main.replaceChildren(status);
  failed(cause);
});

void showNavigation();
