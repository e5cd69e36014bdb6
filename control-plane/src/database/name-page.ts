/** So many rows by name, those behind a name, or from the first: tables are read in portions so that none is missed and none is read twice. */
export interface NamePage {
  readonly after: string | null;
  readonly limit: number;
}
