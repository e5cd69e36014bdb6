import { parseArgs } from "node:util";

export const stepKinds = ["lint", "types", "build", "unit", "acceptance", "browser"] as const;
export type StepKind = (typeof stepKinds)[number];

/** What was asked for on the command line. */
export interface TestOptions {
  readonly kinds: ReadonlySet<StepKind>;
  /** Words of which a test file's path must hold one; empty takes all. */
  readonly words: readonly string[];
  /** Pattern of test names. */
  readonly name: string | undefined;
}

/** Reads the command line. Given words without --only, it runs tests only. Throws on an unknown step. */
export function parseOptions(argv: readonly string[]): TestOptions {
  const { values, positionals } = parseArgs({
    args: [...argv],
    options: { only: { type: "string", multiple: true }, name: { type: "string" } },
    allowPositionals: true,
  });
  const isFiltered = positionals.length > 0 || values.name !== undefined;
  const asked =
    values.only?.flatMap((text) => text.split(",")) ?? (isFiltered ? ["unit", "acceptance", "browser"] : stepKinds);
  const kinds = new Set<StepKind>();
  for (const text of asked) {
    const kind = stepKinds.find((candidate) => candidate === text);
    if (kind === undefined) throw new Error(`--only ${text}: write one of ${stepKinds.join(", ")}`);
    kinds.add(kind);
  }
  return { kinds, words: positionals, name: values.name };
}
