import type { Request } from 'express';
import type { Instant } from '../domain/clock/instant.js';
import type { Actor, Cause } from '../domain/incident/events.js';
import type { BodyOf, RouteId } from '../formats/http/routes.js';
import type { Login } from './ports.js';

/** A request after the door: who, by what right, and what, checked by its schema. */
export interface Call<Id extends RouteId = RouteId> {
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: BodyOf<Id>;
  /** Null on public routes. */
  readonly login: Login | null;
  readonly actor: Actor;
  /** Present on routes that need an Idempotency-Key. */
  readonly cause: Cause | null;
  readonly at: Instant;
  /** For streaming bodies only. */
  readonly request: Request;
}

/** `status` only where it differs from the route's own. */
export type Reply =
  | { readonly json: unknown; readonly status?: number; readonly headers?: Readonly<Record<string, string>> }
  | {
      readonly bytes: Uint8Array | string;
      readonly mediaType: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly notModified: true; readonly headers: Readonly<Record<string, string>> };

export type Handler<Id extends RouteId> = (call: Call<Id>) => Promise<Reply>;
export type Handlers<Ids extends RouteId> = { readonly [Id in Ids]: Handler<Id> };

/** The key's hash of a route that needs one: the door has seen to it. */
export function causeOf(call: Call): Cause {
  if (!call.cause) throw new Error('This route is declared without an idempotency key and asks for its cause.');
  return call.cause;
}
export function loginOf(call: Call): Login {
  if (!call.login) throw new Error('This route is declared public and asks for a login.');
  return call.login;
}
