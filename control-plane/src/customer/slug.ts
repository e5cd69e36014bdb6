import type { Executor } from "../database/dialect/dialect.ts";

const longest = 40;

/** A short name out of a title: `Müller & Söhne GmbH` is `muller-sohne-gmbh`; `customer` when no letter or digit is left. Pure. */
export function slugOf(title: string): string {
  const slug = title
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, longest)
    .replaceAll(/^-+|-+$/g, "");
  return slug === "" ? "customer" : slug;
}

/** The short name for a new organisation: the title's, with a number behind it where that is taken, by hosts or tokens as well. */
export async function freeCustomerName(tx: Executor, title: string): Promise<string> {
  const slug = slugOf(title);
  for (let number = 1; ; number++) {
    const name = number === 1 ? slug : `${slug}-${number}`;
    if (!(await isTaken(tx, name))) return name;
  }
}

/** Whoever gets a name sees all that bears it, so what bears it without an organisation counts as well. */
async function isTaken(tx: Executor, name: string): Promise<boolean> {
  const known = await tx.selectFrom("customer").select("id").where("name", "=", name).executeTakeFirst();
  if (known !== undefined) return true;
  for (const table of ["user", "host", "contact", "api_token", "enrolment_token", "downtime"] as const) {
    const row = await tx.selectFrom(table).select("id").where("customer", "=", name).limit(1).executeTakeFirst();
    if (row !== undefined) return true;
  }
  return false;
}
