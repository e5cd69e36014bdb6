/** What a configuration may amount to; beyond it there is a fault, not a full memory. */
export const limits = {
  /** Bytes of one file. */
  fileBytes: 64 * 1024 * 1024,
  /** Characters of one logical line, its continuations joined. */
  lineLength: 256 * 1024,
  /** Definitions, all files together. */
  objects: 500_000,
  /** How deep templates may use templates. */
  templateDepth: 50,
  /** Services, dependencies and escalations after expansion, each. */
  expanded: 1_000_000,
  /** Services that one `duplicate_foreach` may make of one host. */
  duplicates: 5000,
} as const;
