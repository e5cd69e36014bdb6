/** What react-admin asks of a list. */
export interface ListParameters {
  readonly pagination?: { readonly page: number; readonly perPage: number } | undefined;
  readonly sort?: { readonly field: string; readonly order: "ASC" | "DESC" } | undefined;
  readonly filter?: Readonly<Record<string, unknown>> | undefined;
}

/** Drops what an empty input leaves behind, since the server takes no empty filter. `null` stays: it asks for "none". */
export function cleanFilter(filter: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(filter).filter(
      ([, value]) => value !== undefined && value !== "" && !(Array.isArray(value) && value.length === 0),
    ),
  );
}

/** The path and query of a list, as `GET /api/v1/<plural>` takes it. */
export function listPath(resource: string, parameters: ListParameters): string {
  const query = new URLSearchParams();
  if (parameters.pagination) {
    query.set("page", String(parameters.pagination.page));
    query.set("perPage", String(parameters.pagination.perPage));
  }
  // react-admin sorts by `id` when nobody said anything; the server knows its own best order then.
  if (parameters.sort && parameters.sort.field !== "") {
    query.set("sort", parameters.sort.field);
    query.set("order", parameters.sort.order);
  }
  const filter = cleanFilter(parameters.filter ?? {});
  if (Object.keys(filter).length > 0) query.set("filter", JSON.stringify(filter));
  const text = query.toString();
  return text === "" ? `/${resource}` : `/${resource}?${text}`;
}
