import type { Executor } from "../../database/dialect/dialect.ts";
import type { StatusView } from "../../status-view/index.ts";
import { type Viewer, type ViewingUser, viewerOf } from "./viewer.ts";

/** Reads who an `AuthUser:` is; users from the database each time, so that one who was disabled sees nothing at once. */
export async function findViewer(executor: Executor, view: StatusView, authUser: string | null): Promise<Viewer> {
  if (authUser === null) return { kind: "everything" };
  const contact = view.contactByName(authUser);
  const user = await findUser(executor, authUser, contact?.userId ?? null);
  return viewerOf(user, contact);
}

async function findUser(executor: Executor, email: string, contactUserId: number | null) {
  const rows = await executor
    .selectFrom("user")
    .select(["id", "email", "customer"])
    .where("is_disabled", "=", 0)
    .where((eb) => eb.or([eb("email", "=", email), eb("id", "=", contactUserId ?? -1)]))
    .execute();
  const found: ViewingUser | undefined = rows.find((row) => row.email === email) ?? rows[0];
  return found;
}
