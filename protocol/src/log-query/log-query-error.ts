/** A query that cannot be understood; `at` is where in its text, counted in UTF-16 units from 0. */
export class LogQueryError extends Error {
  override readonly name = "LogQueryError";
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}
