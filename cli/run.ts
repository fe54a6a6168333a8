import { type Command, Option } from 'commander';
import { MAY } from '../domain/incident/commands.js';
import { modeOfId, readIncidentId } from '../domain/incident/ids.js';
import { nearest } from '../domain/incident/nearest.js';
import type { Role } from '../domain/incident/organisation.js';
import { pathOf, type Permission } from '../formats/http/routes.js';
import type { Me } from './answers.js';
import { CommandEnd, EXIT, wrongUsage } from './exit.js';
import { Api } from './http.js';
import { KeptKeys } from './kept.js';
import type { Door, DoorOptions } from './settings.js';
import { findDoor, statePath } from './settings.js';
import type { Terminal } from './terminal.js';
import { printable, wrap } from './terminal.js';
import { type Clock, typedInstant } from './times.js';

/** What the process was started with; a test starts a real one. */
export interface World {
  readonly terminal: Terminal;
  readonly env: NodeJS.ProcessEnv;
  readonly folder: string;
  /** Words after `seventytwo`. */
  readonly words: readonly string[];
}

export interface CommonOptions extends DoorOptions {
  readonly json?: boolean;
  readonly timeout?: string;
}

/** The options of every command that speaks to a server. */
export function online(command: Command): Command {
  const common = [
    new Option('--json', 'the answer as JSON on stdout'),
    new Option('--as <role>', 'local stack: the login to use (responder, dpo, approver, admin)'),
    new Option('--drill', 'the drill side (ids that begin with EX- choose it by themselves)'),
    new Option('--local', 'the local stack of this folder, even when a profile is there'),
    new Option('--timeout <seconds>', 'how long to wait for an answer (default 30)'),
  ];
  for (const option of common) command.addOption(option.helpGroup('Server and output:'));
  return command;
}

/** One run of one command: its output, its server, its typed times. */
export class Run {
  readonly world: World;
  readonly terminal: Terminal;
  readonly json: boolean;
  readonly door: Door;
  readonly api: Api;
  readonly #resolved = new Map<string, string>();
  #me: Me | null | undefined;

  /** @param narrowed of those who may, only these roles: a local stack lends their login; `silent` does not say whose it lends */
  constructor(
    world: World,
    options: CommonOptions,
    may: Permission,
    id?: string,
    { roles: narrowed, silent = false }: { readonly roles?: readonly string[]; readonly silent?: boolean } = {},
  ) {
    this.world = world;
    this.terminal = world.terminal;
    this.json = options.json === true;
    const drill = options.drill === true || (id !== undefined && modeOfId(id) === 'drill');
    const all: readonly Role[] = (may === 'AnyLogin' || may === 'Public' ? MAY.Read : MAY[may]) ?? [];
    const roles = narrowed ? all.filter((role) => narrowed.includes(role)) : all;
    this.door = findDoor({ ...options, drill }, roles, world.env, world.folder);
    if (this.door.role && options.as === undefined && !silent)
      this.aside(`As ${this.door.role}, ${this.door.side} side of the local stack; --as ROLE takes another login.`);
    this.api = new Api({
      door: this.door,
      kept: new KeptKeys(statePath(world.env)),
      timeoutMs: timeoutOf(options.timeout),
      again: () => ['seventytwo', ...this.typed()],
      zone: () => this.zone(),
      say: (line) => this.aside(line),
    });
  }

  /** A remark beside the result; stderr, so that stdout holds the result alone. */
  aside(line: string): void {
    for (const each of wrap(line, this.terminal.width)) this.terminal.err(this.terminal.paint.dim(each));
  }

  /** The result: JSON as it came, or lines for a person. */
  answer<T>(value: T, lines: (value: T) => readonly string[]): void {
    if (this.json) this.terminal.out(JSON.stringify(value, null, 2));
    else for (const line of lines(printable(value))) this.terminal.out(line);
  }

  /** The zone in which people type and read: the profile's, else the organisation's, else this machine's. */
  async zone(): Promise<string> {
    return this.door.zone ?? (await this.me())?.organisation?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  }

  /** Act time of that side; a drill's differs from the time of day. */
  async now(): Promise<string> {
    return (await this.me())?.now ?? new Date().toISOString();
  }

  /** Whose key this is. Null when the server does not say: local times are a convenience, and the command itself will tell why. */
  async me(): Promise<Me | null> {
    if (this.#me === undefined) {
      try {
        this.#me = await this.api.get<Me>(pathOf('me'), 3_000);
      } catch (error) {
        if (!(error instanceof CommandEnd)) throw error;
        this.#me = null;
      }
    }
    return this.#me;
  }

  /** Reads a typed instant (`02:40`, `yesterday 23:15`, full ISO), echoes it with zone and UTC, and remembers it for the retry line. */
  async instant(typed: string, option: string, now?: string): Promise<{ at: string; zone: string }> {
    const clock: Clock = { zone: await this.zone(), now: now ?? (await this.now()) };
    const read = typedInstant(typed, option, clock);
    if (read.echo) this.aside(read.echo);
    this.#resolved.set(typed, read.at);
    return { at: read.at, zone: clock.zone };
  }

  /** The words of this command, as they can be typed again tomorrow: with the instants that were read from them. */
  typed(): string[] {
    return this.world.words.map((word) => this.#replaced(word));
  }

  #replaced(word: string): string {
    const equals = word.startsWith('--') ? word.indexOf('=') : -1;
    if (equals > 0)
      return `${word.slice(0, equals + 1)}${this.#resolved.get(word.slice(equals + 1)) ?? word.slice(equals + 1)}`;
    return this.#resolved.get(word) ?? word;
  }

  /** Where somebody else must confirm: on a local stack one person plays all of them. */
  secondPerson(roles: readonly Role[]): string {
    const other = roles.find((role) => role !== this.door.role && this.door.roles.includes(role));
    return other === undefined ? '' : ` On this local stack the second person is --as ${other}.`;
  }

  /** The words that a printed command needs to reach the same server again. */
  withSide(command: string): string {
    const words = this.world.words;
    const extra = words.includes('--drill') && !/\bEX-/.test(command) ? ' --drill' : '';
    return `${command}${extra}${words.includes('--local') ? ' --local' : ''}`;
  }
}

/** An incident id as typed, or wrong usage that shows the form. */
export function incidentId(typed: string): string {
  const id = readIncidentId(typed);
  if (id === undefined)
    throw wrongUsage(
      'That is no incident id: it looks like BR-7K3M-9QXD (drills EX-…); capitals and dashes may be left out.',
      'seventytwo status   (lists them)',
    );
  return id;
}

/** One of a command's actions, or wrong usage with the nearest one. */
export function oneOf<T extends string>(typed: string, known: readonly T[], what: string): T {
  const found = known.find((each) => each.toLowerCase() === typed.toLowerCase());
  if (found !== undefined) return found;
  const near = nearest(typed, known);
  throw wrongUsage(`${what} is one of: ${known.join(', ')}.${near ? ` Did you mean ${near}?` : ''}`);
}

/** A required option; all that is missing is said at once by the caller's list. */
export function needed(values: Readonly<Record<string, string | undefined>>, example: string): void {
  const missing = Object.entries(values).flatMap(([option, value]) =>
    value === undefined || value.trim() === '' ? [option] : [],
  );
  if (missing.length > 0) throw new CommandEnd(EXIT.usage, [`Still needed: ${missing.join(', ')}.`], [example]);
}

export function wholeNumber(typed: string, option: string, least = 1): number {
  const value = Number(typed);
  if (!Number.isInteger(value) || value < least) throw wrongUsage(`${option} takes a whole number from ${least}.`);
  return value;
}

function timeoutOf(seconds: string | undefined): number {
  if (seconds === undefined) return 30_000;
  const value = Number(seconds);
  if (!Number.isFinite(value) || value <= 0) throw wrongUsage('--timeout takes seconds, such as 30.');
  return value * 1_000;
}
