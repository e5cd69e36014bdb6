import type { Account, OwnSession } from "@mycloud/protocol/account";
import { MailKind } from "@mycloud/protocol/account";
import type { LoginAnswer } from "@mycloud/protocol/session";
import type { AccountProvider } from "../account-provider.ts";

const secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
const recoveryCodes = Array.from({ length: 10 }, (_, at) => `abcd-efgh-jkmn-pq2${at}`);

/** An account in memory: owner of an organisation, without a second step yet. */
export function createFakeAccount(nowMs: number): AccountProvider {
  let account: Account = {
    id: 1,
    email: "dana@example.org",
    name: "Dana Ruiz",
    role: "admin",
    timeZone: "Europe/Berlin",
    isTotpEnabled: false,
    isTotpRequired: false,
    recoveryCodesLeft: 0,
    organisation: {
      name: "example-ltd",
      title: "Example Ltd",
      contactEmail: "office@example.org",
      isTotpRequired: false,
      quotaBytes: 500_000_000_000,
      memberCount: 3,
      hostCount: 12,
      createdAtMs: nowMs - 90 * 86_400_000,
    },
    mailPreferences: MailKind.options.map((kind) => ({ kind, isWanted: kind !== "new-machine" })),
  };
  let sessions: OwnSession[] = ["Firefox on Linux", "Safari on iPhone"].map((userAgent, at) => ({
    id: `000000000000000${at}`,
    isThis: at === 0,
    address: `192.0.2.${at + 1}`,
    userAgent,
    createdAtMs: nowMs - 86_400_000,
    lastUsedAtMs: nowMs - at * 3_600_000,
    expiresAtMs: nowMs + 86_400_000,
  }));
  const change = (update: Partial<Account>): Account => {
    account = { ...account, ...update };
    return account;
  };
  const promise = async () => ({ message: "If this address can be used, a mail with a link is on its way to it." });
  const accepted = async (): Promise<LoginAnswer> => ({
    user: { id: 1, name: account.name, email: account.email, role: "admin", customer: "example-ltd" },
    csrfToken: "fake",
    expiresAtMs: null,
  });
  return {
    signInOptions: async () => ({ registration: "open" }),
    register: promise,
    lookAtLink: async () => ({
      kind: "registration",
      email: "new@example.org",
      title: "Example Ltd",
      expiresAtMs: nowMs,
    }),
    completeRegistration: accepted,
    acceptInvitation: accepted,
    askPasswordReset: promise,
    completePasswordReset: async () => undefined,
    confirmEmail: async () => undefined,
    unsubscribe: async () => ({ kind: "new-login", email: account.email }),
    account: async () => account,
    updateAccount: async ({ name, timeZone }) =>
      change({ name: name ?? account.name, timeZone: timeZone === undefined ? account.timeZone : timeZone }),
    changePassword: async () => undefined,
    askEmailChange: promise,
    setUpTotp: async () => ({ secret, uri: `otpauth://totp/MyCloud:dana@example.org?secret=${secret}&issuer=MyCloud` }),
    confirmTotp: async () => {
      change({ isTotpEnabled: true, recoveryCodesLeft: 10 });
      return { recoveryCodes };
    },
    replaceRecoveryCodes: async () => ({ recoveryCodes }),
    removeTotp: async () => void change({ isTotpEnabled: false, recoveryCodesLeft: 0 }),
    sessions: async () => sessions,
    endSession: async (id) => {
      sessions = sessions.filter((session) => session.id !== id);
    },
    endOtherSessions: async () => {
      sessions = sessions.filter((session) => session.isThis);
    },
    chooseMails: async (preferences) => {
      const chosen = new Map(preferences.map(({ kind, isWanted }) => [kind, isWanted]));
      return change({
        mailPreferences: account.mailPreferences.map(({ kind, isWanted }) => ({
          kind,
          isWanted: chosen.get(kind) ?? isWanted,
        })),
      });
    },
    updateOrganisation: async ({ title, contactEmail, isTotpRequired }) => {
      const { organisation } = account;
      if (organisation === null) throw new Error("there is no organisation");
      const changed = {
        ...organisation,
        title: title ?? organisation.title,
        contactEmail: contactEmail === undefined ? organisation.contactEmail : contactEmail,
        isTotpRequired: isTotpRequired ?? organisation.isTotpRequired,
      };
      change({ organisation: changed });
      return changed;
    },
  };
}
