import type { LogIdentity, LogSender } from "../../log-sender/index.ts";

/** Ends connections whose sender may not send any more: a revoked agent, a LogSender that was changed or removed. */
export class IdentityWatch {
  readonly #open = new Map<
    object,
    { readonly identity: LogIdentity; readonly version: string; readonly end: () => void }
  >();

  /** Watches a connection until the answer is called. `version`: of the LogSender's definition, or empty. */
  add(identity: LogIdentity, version: string, end: () => void): () => void {
    const key = {};
    this.#open.set(key, { identity, version, end });
    return () => this.#open.delete(key);
  }

  get agentIds(): string[] {
    const keys = [...this.#open.values()].map(({ identity }) => identity);
    return [...new Set(keys.filter(({ kind }) => kind === "agent").map(({ key }) => key.slice("agent:".length)))];
  }

  endAgentsBut(active: ReadonlySet<string>): void {
    for (const { identity, end } of this.#open.values()) {
      if (identity.kind === "agent" && !active.has(identity.key.slice("agent:".length))) end();
    }
  }

  endSendersBut(senders: readonly LogSender[]): void {
    const versions = new Map(senders.map((sender) => [sender.identity.key, sender.version]));
    for (const { identity, version, end } of this.#open.values()) {
      if (identity.kind === "sender" && versions.get(identity.key) !== version) end();
    }
  }
}
