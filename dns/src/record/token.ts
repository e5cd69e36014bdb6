/** One word of a zone file's entry, escapes still in it; a string of octets. */
export interface Token {
  readonly text: string;
  /** Whether it stood in quotation marks. */
  readonly isQuoted: boolean;
}
