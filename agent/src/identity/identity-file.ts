import { mkdir, readFile } from "node:fs/promises";
import { type AgentPaths, writeFileAtomically } from "../state-directory/index.ts";
import { AgentIdentity } from "./identity.ts";

/** Reads the identity; undefined when this host is not enrolled. Throws when the file cannot be read or is damaged. */
export async function readIdentity(paths: AgentPaths): Promise<AgentIdentity | undefined> {
  let text: string;
  try {
    text = await readFile(paths.identity, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
  const parsed = AgentIdentity.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new Error(`${paths.identity} is damaged; enrol this host again: mycloud agent enrol --force`);
}

/** Writes the identity, readable by the agent's user only. */
export async function writeIdentity(paths: AgentPaths, identity: AgentIdentity): Promise<void> {
  await mkdir(paths.directory, { recursive: true, mode: 0o750 });
  await writeFileAtomically(paths.identity, `${JSON.stringify(identity, null, 2)}\n`, { mode: 0o600 });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
