import { pathOf } from '../formats/http/routes.js';
import type { Answer, IncidentAnswer, Summary } from './answers.js';
import { CommandEnd } from './exit.js';
import type { Run } from './run.js';
import { afterLines, type Look, nextLines } from './summary-text.js';

export async function lookOf(run: Run): Promise<Look> {
  return {
    paint: run.terminal.paint,
    width: run.terminal.width,
    zone: run.json ? 'UTC' : await run.zone(),
    withSide: (command) => run.withSide(command),
    roles: run.json ? null : await rolesOf(run),
  };
}

/** A local stack takes another login by itself where the one at hand may not. */
async function rolesOf(run: Run): Promise<readonly string[] | null> {
  return run.door.roles.length > 0 ? run.door.roles : ((await run.me())?.roles ?? null);
}

/** After an accepted command: one sentence, the clock, the next step. */
export async function report(run: Run, answer: Answer, said: string): Promise<void> {
  const look = await lookOf(run);
  if (answer.repeated) run.aside('This had been done already; nothing was done a second time.');
  run.answer(answer, (shown) => afterLines(shown.incident, said, look));
}

export const incident = (run: Run, id: string): Promise<IncidentAnswer> =>
  run.api.get<IncidentAnswer>(pathOf('incident', { id }));

/** After something that is no command of the incident (an upload, a proposed text): its own next step, then the incident's but for `read`, which was just done. */
export async function incidentNext(run: Run, id: string, read = ''): Promise<string[]> {
  const look = await lookOf(run);
  const shown = await incident(run, id);
  return nextLines({ ...shown, next: shown.next.filter(({ command }) => command !== read) }, look);
}

const LOOK_AGAIN_MS = 250;

/** The engine acts a moment after it has accepted: waits for that moment, so that the next step is the true one. Never longer than `withinMs`. */
export async function afterEngine(
  run: Run,
  answer: Answer,
  isDone: (summary: Summary) => boolean,
  withinMs = 3_000,
): Promise<Answer> {
  const end = Date.now() + withinMs;
  let { incident: summary } = answer;
  while (!run.json && !isDone(summary) && Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    try {
      summary = await run.api.get<Summary>(pathOf('incident', { id: summary.id }), withinMs);
    } catch (error) {
      if (!(error instanceof CommandEnd)) throw error;
      break; // the command itself is done: what it answered is still true
    }
  }
  return { ...answer, incident: summary.seq >= answer.seq ? summary : answer.incident };
}
