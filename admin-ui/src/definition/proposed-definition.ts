import type { ResourceKind } from "@mycloud/protocol/resource";

/**
 * A form's values as the definition that `apply` takes. The name is the one it has now, so that it is compared with itself. A rule's contacts are named,
 * which its form knows by id; a contact's user is not a matter of files. Pure.
 */
export function proposedDefinition(
  kind: ResourceKind,
  input: Readonly<Record<string, unknown>>,
  presentName: string | null,
  contactNames: ReadonlyMap<number, string>,
): { readonly kind: ResourceKind; readonly name: unknown; readonly spec: object } {
  const { name, contactIds, userId: _userId, ...spec } = input;
  const contacts = Array.isArray(contactIds) ? contactIds.flatMap((id) => contactNames.get(Number(id)) ?? []) : [];
  return {
    kind,
    name: presentName ?? name,
    spec: kind === "NotificationRule" ? { ...spec, contacts } : spec,
  };
}
