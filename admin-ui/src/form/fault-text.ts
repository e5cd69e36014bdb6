import { listFaults } from "@mycloud/protocol/form-schema";

const reactAdminMessage = /^@@react-admin@@/;

/** The first message among a field's faults, however deep; undefined when there is none. `error` is react-hook-form's. Pure. */
export function faultText(error: unknown): string | undefined {
  const message = listFaults(error)[0]?.message;
  // react-admin's own validators wrap their message for translation.
  return message !== undefined && reactAdminMessage.test(message) ? "is missing" : message;
}
