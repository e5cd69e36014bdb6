import { hostname } from "node:os";

/** Where agents reach the log receiver, and how they know it. */
export interface ForwardEndpoint {
  readonly host: string;
  readonly port: number;
  /** SHA-256 of its public key, where it speaks TLS. */
  readonly tls: { readonly serverKeySha256: string } | null;
}

/** Where the receiver says that it listens, and configurations read where agents reach it. */
export interface ForwardAddress {
  /** Null when it listens no more. Before agents come for their configurations. */
  announce(listener: ForwardListener | null): void;
  endpoint(): ForwardEndpoint | null;
}

export interface ForwardListener {
  readonly host: string;
  readonly port: number;
  readonly tls: ForwardEndpoint["tls"];
}

/** Nothing listens yet. */
export function createForwardAddress(of: {
  readonly configured: { readonly host: string; readonly port: number } | null;
  readonly publicUrl: string | null;
}): ForwardAddress {
  let listener: ForwardListener | null = null;
  return {
    announce(next) {
      listener = next;
    },
    endpoint: () => (listener === null ? null : forwardEndpoint({ ...of, listener, tls: listener.tls })),
  };
}

/**
 * Where agents reach a receiver that listens at `listener`: as configured; at its own address when only this machine reaches that; else on the host of the
 * public URL, which agents reach already. Pure but for this machine's name.
 */
export function forwardEndpoint(of: {
  readonly configured: { readonly host: string; readonly port: number } | null;
  readonly listener: { readonly host: string; readonly port: number };
  readonly publicUrl: string | null;
  readonly tls: ForwardEndpoint["tls"];
}): ForwardEndpoint {
  const { configured, listener, publicUrl, tls } = of;
  if (configured !== null) return { ...configured, tls };
  const { host, port } = listener;
  if (/^(127\.|::1$|localhost$)/.test(host)) return { host, port, tls };
  if (publicUrl !== null) return { host: new URL(publicUrl).hostname.replace(/^\[|\]$/g, ""), port, tls };
  const isAnywhere = host === "0.0.0.0" || host === "::";
  return { host: isAnywhere ? hostname() : host, port, tls };
}
