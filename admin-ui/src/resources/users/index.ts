// Users: who may sign in, and as what.
import type { User } from "@mycloud/protocol/user";
import { lazy } from "react";

export const users = {
  list: lazy(async () => ({ default: (await import("./UserList.tsx")).UserList })),
  edit: lazy(async () => ({ default: (await import("./UserEdit.tsx")).UserEdit })),
  create: lazy(async () => ({ default: (await import("./UserEdit.tsx")).UserCreate })),
  recordRepresentation: (user: User) => user.email,
};
