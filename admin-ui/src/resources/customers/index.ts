// Customers: the organisations whose hosts are watched.
import type { Customer } from "@mycloud/protocol/customer";
import { lazy } from "react";

export const customers = {
  list: lazy(async () => ({ default: (await import("./CustomerList.tsx")).CustomerList })),
  edit: lazy(async () => ({ default: (await import("./CustomerEdit.tsx")).CustomerEdit })),
  create: lazy(async () => ({ default: (await import("./CustomerEdit.tsx")).CustomerCreate })),
  recordRepresentation: (customer: Customer) => customer.title,
};
