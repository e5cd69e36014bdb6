/**
 * Whose data a query may see. Every store query takes one; `all` is an operator's view, `customer` narrows it to one tenant's hosts.
 */
export type Scope = { readonly kind: "all" } | { readonly kind: "customer"; readonly customer: string };

/** The scope of the program itself: schedulers, ingest, retention. */
export const everything: Scope = { kind: "all" };
