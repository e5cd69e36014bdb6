/** The codes in an error or in any of its causes: `code`, `errno` and `errcode` properties. */
export function errorCodesOf(error: unknown): ReadonlySet<string | number> {
  const codes = new Set<string | number>();
  for (
    let current: unknown = error, depth = 0;
    current instanceof Error && depth < 8;
    current = current.cause, depth++
  ) {
    for (const property of ["code", "errno", "errcode"] as const) {
      const value: unknown = Reflect.get(current, property);
      if (typeof value === "string" || typeof value === "number") codes.add(value);
    }
  }
  return codes;
}

/** True when the error, or one of its causes, carries one of these codes. */
export function hasErrorCode(error: unknown, wanted: ReadonlySet<string | number>): boolean {
  return [...errorCodesOf(error)].some((code) => wanted.has(code));
}
