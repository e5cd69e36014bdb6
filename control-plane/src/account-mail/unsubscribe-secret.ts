import { createHmac, timingSafeEqual } from "node:crypto";
import { MailKind } from "@mycloud/protocol/account";

/** What the unsubscribe link of a mail carries: whose and which kind, signed. It can do nothing but turn that kind off, so it does not expire. */
export interface UnsubscribeSecrets {
  make(userId: number, kind: MailKind): string;
  /** Null when we did not make it. */
  read(secret: string): { readonly userId: number; readonly kind: MailKind } | null;
}

/** `key` signs the secrets and stays the same for as long as mails lie in mailboxes. */
export function createUnsubscribeSecrets(key: Uint8Array): UnsubscribeSecrets {
  const sign = (what: string) => createHmac("sha256", key).update(`unsubscribe ${what}`).digest("base64url");
  return {
    make(userId, kind) {
      const what = `${userId}.${kind}`;
      return `${what}.${sign(what)}`;
    },
    read(secret) {
      const [id = "", kindText = "", signature = "", ...rest] = secret.split(".");
      const kind = MailKind.safeParse(kindText);
      if (!kind.success || !/^[1-9]\d{0,15}$/.test(id) || rest.length > 0) return null;
      const [given, expected] = [Buffer.from(signature), Buffer.from(sign(`${id}.${kind.data}`))];
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
      return { userId: Number(id), kind: kind.data };
    },
  };
}
