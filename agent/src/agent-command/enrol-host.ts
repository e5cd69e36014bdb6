import { rm } from "node:fs/promises";
import { EnrolRequest } from "@mycloud/protocol/agent";
import type { Labels } from "@mycloud/protocol/name";
import { createServerClock } from "../clock/index.ts";
import { type AgentIdentity, createKey, publicKeyOf, readIdentity, writeIdentity } from "../identity/index.ts";
import type { AgentPaths } from "../state-directory/index.ts";
import { createControlPlane, createHttpConnection, type Failure } from "../transport/index.ts";

/** What is needed to enrol this host. */
export interface Enrolment {
  readonly paths: AgentPaths;
  readonly serverUrl: string;
  readonly token: string;
  readonly hostName: string;
  readonly address: string | null;
  /** Facts and labels; the operator's own labels of the same name win. */
  readonly facts: Labels;
  readonly version: string;
  readonly serverKeySha256: string | null;
  readonly caFile: string | null;
  readonly ca: string | undefined;
  /** Replaces an identity that is there. */
  readonly isForced: boolean;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** What came of it. */
export type EnrolmentOutcome =
  | { readonly kind: "enrolled"; readonly identity: AgentIdentity }
  | { readonly kind: "already-enrolled"; readonly identity: AgentIdentity }
  | { readonly kind: "wrong-input"; readonly message: string }
  | { readonly kind: "failed"; readonly failure: Failure };

/**
 * Makes a key on this host, hands its public part over with the one-time token, and keeps the identity it gets. Does nothing when
 * there is an identity already, unless forced. Throws what the file system says.
 */
export async function enrolHost(enrolment: Enrolment): Promise<EnrolmentOutcome> {
  const { paths, now } = enrolment;
  // A damaged identity can only be replaced on purpose.
  const existing = await readIdentity(paths).catch((error: unknown) => {
    if (enrolment.isForced) return undefined;
    throw error;
  });
  if (existing !== undefined && !enrolment.isForced) return { kind: "already-enrolled", identity: existing };
  const privateKey = createKey();
  const request = EnrolRequest.safeParse({
    token: enrolment.token,
    hostName: enrolment.hostName,
    address: enrolment.address,
    facts: enrolment.facts,
    agentVersion: enrolment.version,
    publicKey: publicKeyOf(privateKey),
  } satisfies EnrolRequest);
  if (!request.success) {
    const issue = request.error.issues[0];
    return { kind: "wrong-input", message: `${issue?.path.join(".")}: ${issue?.message}` };
  }
  const trust = { keySha256: enrolment.serverKeySha256, ca: enrolment.ca };
  const connection = await createHttpConnection(enrolment.serverUrl, trust);
  try {
    const controlPlane = createControlPlane({
      connection,
      clock: createServerClock(now),
      now,
      requestToken: undefined,
      signal: enrolment.signal,
    });
    const answer = await controlPlane.enrol(request.data);
    if (answer.kind !== "ok") return { kind: "failed", failure: answer };
    const identity: AgentIdentity = {
      ...answer.value,
      serverUrl: enrolment.serverUrl,
      serverKeySha256: enrolment.serverKeySha256,
      caFile: enrolment.caFile,
      enrolledAtMs: now(),
      privateKey,
    };
    await writeIdentity(paths, identity);
    // The configuration of whatever this host was before.
    await rm(paths.configuration, { force: true });
    return { kind: "enrolled", identity };
  } finally {
    connection.close();
  }
}
