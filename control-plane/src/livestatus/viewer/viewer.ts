import type { StatusView, ViewedContact, ViewedObject } from "../../status-view/index.ts";

/** On whose behalf a query is answered. */
export type Viewer =
  /** The peer itself, or an operator. */
  | { readonly kind: "everything" }
  /** Somebody who sees one customer's hosts. */
  | { readonly kind: "customer"; readonly customer: string }
  /** Somebody who sees what rules would tell them of. */
  | { readonly kind: "contact"; readonly contact: ViewedContact }
  | { readonly kind: "nothing" };

/** A console user, as far as it decides what somebody sees. */
export interface ViewingUser {
  /** Bound to a customer, a user sees that customer's hosts only. */
  readonly customer: string | null;
}

/**
 * Who an `AuthUser:` is: a console user by e-mail address sees what they see in the console; else a contact by name (or the contact's user)
 * sees what rules tell them of; anybody else sees nothing. Pure.
 */
export function viewerOf(user: ViewingUser | undefined, contact: ViewedContact | undefined): Viewer {
  if (user !== undefined) {
    return user.customer === null ? { kind: "everything" } : { kind: "customer", customer: user.customer };
  }
  return contact?.isEnabled ? { kind: "contact", contact } : { kind: "nothing" };
}

/** Whether the viewer may know of a host or service. As in Nagios, somebody told of a host sees all its services. */
export function sees(viewer: Viewer, view: StatusView, object: ViewedObject): boolean {
  switch (viewer.kind) {
    case "everything":
      return true;
    case "customer":
      return (object.kind === "host" ? object : object.host).customer === viewer.customer;
    case "contact":
      return (
        view.coverage.contactsOf(object).includes(viewer.contact) ||
        (object.kind === "service" && view.coverage.contactsOf(object.host).includes(viewer.contact))
      );
    case "nothing":
      return false;
  }
}

/** Whether the viewer may know of a contact: operators of all, customers of their own, contacts of themselves. */
export function seesContact(viewer: Viewer, contact: ViewedContact): boolean {
  switch (viewer.kind) {
    case "everything":
      return true;
    case "customer":
      return contact.customer === viewer.customer;
    case "contact":
      return contact.id === viewer.contact.id;
    case "nothing":
      return false;
  }
}
