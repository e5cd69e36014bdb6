// Contacts: who can be told.
import type { Contact } from "@mycloud/protocol/contact";
import { lazy } from "react";

export const contacts = {
  list: lazy(async () => ({ default: (await import("./ContactList.tsx")).ContactList })),
  edit: lazy(async () => ({ default: (await import("./ContactEdit.tsx")).ContactEdit })),
  create: lazy(async () => ({ default: (await import("./ContactEdit.tsx")).ContactCreate })),
  recordRepresentation: (contact: Contact) => contact.name,
};
