/**
 * The Message-ID of a contact's `sequence`-th message (0, 1, ...) about a problem: `<problem-42.7-0.k3y@example.org>`. It follows from the
 * stored row, so a message that is sent twice after a crash is the same message to the receiving side. Pure.
 */
export function problemMessageId(
  problem: { readonly id: number; readonly threadKey: string },
  contactId: number,
  sequence: number,
  domain: string,
): string {
  return `<problem-${problem.id}.${contactId}-${sequence}.${idText(problem.threadKey)}@${domain}>`;
}

/** The Message-ID of a message that belongs to no problem: flapping of something that is fine, a test. `key` is random. Pure. */
export function singleMessageId(kind: "flapping" | "test", contactId: number, key: string, domain: string): string {
  return `<${kind}.${contactId}.${idText(key)}@${domain}>`;
}

/** The Message-ID of a message in the place of many. It follows from the stored row, too. Pure. */
export function bundleMessageId(bundle: { readonly id: number; readonly messageKey: string }, domain: string): string {
  return `<bundle-${bundle.id}.${idText(bundle.messageKey)}@${domain}>`;
}

/** The part of a mail address after the @, as far as it is fit for a Message-ID (RFC 5322 §3.6.4). Pure. */
export function domainOf(address: string): string {
  const domain = address.slice(address.lastIndexOf("@") + 1).replaceAll(/[^A-Za-z0-9.-]/g, "");
  return domain === "" ? "localhost" : domain;
}

function idText(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9_-]/g, "");
}
