import { MailKind } from "@mycloud/protocol/account";
import type { Logger } from "pino";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { classifyFailure } from "../notification/classify-failure.ts";
import type { MailServer } from "../notification/mail/mail-server.ts";
import { giveUpAfterMs, retryDelayMs } from "../notification/retry-delay.ts";
import type { Sealer } from "../sealing/index.ts";
import { mailSealContext } from "./account-mails.ts";
import { MailContent } from "./mail-content.ts";
import { type ClaimedMail, claimMails, removeMail, retryMailLater } from "./queue.ts";
import { renderAccountMail } from "./render.ts";
import type { UnsubscribeSecrets } from "./unsubscribe-secret.ts";

export interface AccountMailSenderDependencies {
  readonly database: ConnectedDatabase;
  readonly sealer: Sealer;
  readonly server: MailServer;
  readonly secrets: UnsubscribeSecrets;
  readonly mailFrom: string;
  readonly publicUrl: () => string;
  /** Unique for this process. */
  readonly holder: string;
  readonly logger: Logger;
  readonly now: () => number;
  readonly random: () => number;
}

/** Hands over what is due; a connection that fails ends the round, so that the rest does not wait for the same time-out. */
export interface AccountMailSender {
  sendDue(signal: AbortSignal): Promise<void>;
}

export function createAccountMailSender(deps: AccountMailSenderDependencies): AccountMailSender {
  const { database, sealer, server, secrets, logger, now, random } = deps;

  function render(mail: ClaimedMail) {
    const content = MailContent.parse(JSON.parse(sealer.open(mail.contentSealed, mailSealContext)));
    const kind = MailKind.safeParse(mail.kind);
    const unsubscribeSecret = kind.success && mail.userId !== null ? secrets.make(mail.userId, kind.data) : null;
    return renderAccountMail(
      { ...mail, content, unsubscribeSecret },
      { mailFrom: deps.mailFrom, publicUrl: deps.publicUrl() },
    );
  }

  /** Answers whether the server can be asked for the next one. */
  async function sendOne(mail: ClaimedMail): Promise<boolean> {
    try {
      await server.send(render(mail));
    } catch (error) {
      const failure = classifyFailure(error);
      const isOld = now() - mail.createdAtMs > giveUpAfterMs;
      const fields = { accountMailId: mail.id, kind: mail.kind, error: failure.message };
      if (failure.outcome === "dead" || isOld) {
        logger.warn(fields, "mail about an account given up");
        await removeMail(database, mail.id);
        return true;
      }
      if (mail.attempts === 0) logger.warn(fields, "mail about an account waits");
      await retryMailLater(database, mail, now() + retryDelayMs(mail.attempts + 1, random()));
      return !failure.isConnection;
    }
    await removeMail(database, mail.id);
    return true;
  }

  return {
    async sendDue(signal) {
      for (let isReachable = true; isReachable && !signal.aborted; ) {
        const mails = await claimMails(database, deps.holder, now());
        if (mails.length === 0) return;
        for (const mail of mails) {
          if (signal.aborted || !isReachable) await retryMailLater(database, mail, now() + 15_000);
          else isReachable = await sendOne(mail);
        }
      }
    },
  };
}
