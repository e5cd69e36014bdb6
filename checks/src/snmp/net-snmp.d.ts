// The parts of the package net-snmp (which has no types of its own) that MyCloud uses, as its 3.29 behaves.
declare module "net-snmp" {
  import type { Socket } from "node:dgram";
  import type { EventEmitter } from "node:events";

  /** What stands for a value depends on `type`: number, text, Buffer (Counter64 too, without leading zeros), boolean or null. */
  export interface Varbind {
    readonly oid: string;
    readonly type?: number;
    readonly value?: unknown;
  }

  export interface User {
    readonly name: string;
    readonly level: number;
    readonly authProtocol?: string;
    readonly authKey?: string;
    readonly privProtocol?: string;
    readonly privKey?: string;
  }

  export interface SessionOptions {
    readonly port?: number;
    readonly retries?: number;
    /** Milliseconds for one attempt. */
    readonly timeout?: number;
    readonly transport?: "udp4" | "udp6";
    readonly trapPort?: number;
    readonly version?: number;
    readonly context?: string;
    readonly backwardsGetNexts?: boolean;
    readonly idBitsSize?: number;
    readonly engineID?: string;
  }

  type Callback<Answer> = (error: Error | null, answer: Answer) => void;

  export interface Session extends EventEmitter {
    readonly dgram: Socket;
    get(oids: readonly string[], callback: Callback<readonly Varbind[] | undefined>): void;
    getNext(oids: readonly string[], callback: Callback<readonly Varbind[] | undefined>): void;
    /** Answers, for each OID, what came after it. */
    getBulk(
      oids: readonly string[],
      nonRepeaters: number,
      maxRepetitions: number,
      callback: Callback<readonly (readonly Varbind[])[] | undefined>,
    ): void;
    /** What arrived on the socket. It throws for some of what is no message. */
    onMsg(message: Buffer): void;
    close(): void;
  }

  export function createSession(target: string, community: string, options?: SessionOptions): Session;
  export function createV3Session(target: string, user: User, options?: SessionOptions): Session;

  export interface MibProvider {
    readonly name: string;
    readonly type: number;
    readonly oid: string;
    readonly scalarType?: number;
    readonly maxAccess?: number;
    readonly tableColumns?: readonly {
      readonly number: number;
      readonly name: string;
      readonly type: number;
      readonly maxAccess?: number;
    }[];
    readonly tableIndex?: readonly { readonly columnName: string }[];
    /** Called before an answer is made; `done` says that the values are as they should be. */
    readonly handler?: (request: { readonly done: (error?: unknown) => void }) => void;
  }

  export interface Mib {
    registerProvider(provider: MibProvider): void;
    setScalarValue(name: string, value: unknown): void;
    addTableRow(table: string, row: readonly unknown[]): void;
    setTableSingleCell(table: string, column: number, index: readonly unknown[], value: unknown): void;
    deleteTableRow(table: string, index: readonly unknown[]): void;
  }

  export interface Authorizer {
    addCommunity(community: string): void;
    addUser(user: User): void;
  }

  export interface Agent {
    getMib(): Mib;
    registerProvider(provider: MibProvider): void;
    getAuthorizer(): Authorizer;
    readonly listener: { readonly sockets: Readonly<Record<string, Socket>> };
    close(callback?: () => void): void;
  }

  export function createAgent(
    options: { readonly port: number; readonly address?: string; readonly disableAuthorization?: boolean },
    callback: (error: Error | null, notification?: unknown) => void,
  ): Agent;

  export const Version1: number;
  export const Version2c: number;
  export const Version3: number;
  export const SecurityLevel: { readonly noAuthNoPriv: number; readonly authNoPriv: number; readonly authPriv: number };
  export const AuthProtocols: Readonly<Record<string, string>>;
  export const PrivProtocols: Readonly<Record<string, string>>;
  export const ErrorStatus: Readonly<Record<string, number>>;
  export const ObjectType: Readonly<Record<string, number>>;
  export const MibProviderType: { readonly Scalar: number; readonly Table: number };
  export const MaxAccess: Readonly<Record<string, number>>;

  export class RequestTimedOutError extends Error {}
  /** `status` is the error-status of the answer (RFC 3416 §3). */
  export class RequestFailedError extends Error {
    readonly status: number;
  }
  export class ResponseInvalidError extends Error {
    readonly code: number;
  }
}
