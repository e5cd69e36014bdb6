/** A host as far as who probes it is concerned. */
export interface ProberSubject {
  readonly name: string;
  readonly customer: string | null;
  readonly probers: readonly string[];
}

/** Whether a host's agent may look at another host: those of one customer may not be made to work on another's. Pure. */
export function mayProbeFor(proberCustomer: string | null, customer: string | null): boolean {
  return proberCustomer === null || proberCustomer === customer;
}

/**
 * What is wrong with the probers that a host names, by index: itself, or a host of another customer. `customerOf` answers undefined for a host that does
 * not exist, which is said elsewhere. Pure.
 */
export function findProberFaults(
  subject: ProberSubject,
  customerOf: (name: string) => string | null | undefined,
): { readonly name: string; readonly message: string }[] {
  return subject.probers.flatMap((name) => {
    if (name === subject.name) {
      return [{ name, message: "is the host itself; its own agent runs its checks without being named" }];
    }
    const customer = customerOf(name);
    if (customer === undefined || mayProbeFor(customer, subject.customer)) return [];
    return [{ name, message: "is a host of another customer" }];
  });
}
