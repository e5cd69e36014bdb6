import type {
  Account,
  AccountUpdate,
  EmailChangeRequest,
  MailPreference,
  OwnSession,
  RecoveryCodes,
  TotpSetup,
  Unsubscribed,
} from "@mycloud/protocol/account";
import type { Organisation, OrganisationUpdate } from "@mycloud/protocol/customer";
import type {
  LinkAcceptance,
  LinkLook,
  MailPromise,
  PasswordResetCompletion,
  RegistrationRequest,
  SignInOptions,
} from "@mycloud/protocol/registration";
import type { LoginAnswer, PasswordChange } from "@mycloud/protocol/session";
import { createContext, useContext } from "react";

/** Coming in by links in mails, and looking after one's own account. */
export interface AccountProvider {
  signInOptions(): Promise<SignInOptions>;
  register(request: RegistrationRequest): Promise<MailPromise>;
  lookAtLink(secret: string): Promise<LinkLook>;
  completeRegistration(acceptance: LinkAcceptance): Promise<LoginAnswer>;
  acceptInvitation(acceptance: LinkAcceptance): Promise<LoginAnswer>;
  askPasswordReset(email: string): Promise<MailPromise>;
  completePasswordReset(completion: PasswordResetCompletion): Promise<void>;
  confirmEmail(secret: string): Promise<void>;
  unsubscribe(secret: string): Promise<Unsubscribed>;
  account(): Promise<Account>;
  updateAccount(update: AccountUpdate): Promise<Account>;
  changePassword(change: PasswordChange): Promise<void>;
  askEmailChange(request: EmailChangeRequest): Promise<MailPromise>;
  setUpTotp(currentPassword: string): Promise<TotpSetup>;
  confirmTotp(code: string): Promise<RecoveryCodes>;
  replaceRecoveryCodes(currentPassword: string): Promise<RecoveryCodes>;
  removeTotp(currentPassword: string): Promise<void>;
  sessions(): Promise<OwnSession[]>;
  endSession(id: string): Promise<void>;
  endOtherSessions(): Promise<void>;
  chooseMails(preferences: MailPreference[]): Promise<Account>;
  updateOrganisation(update: OrganisationUpdate): Promise<Organisation>;
}

export const AccountContext = createContext<AccountProvider | null>(null);

/** The provider that App was given. */
export function useAccountProvider(): AccountProvider {
  const provider = useContext(AccountContext);
  if (provider === null) throw new Error("useAccountProvider is used outside of App");
  return provider;
}
