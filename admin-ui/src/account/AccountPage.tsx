import { useQuery } from "@tanstack/react-query";
import { ErrorMessage, SkeletonLines } from "../layout/Message.tsx";
import { PageHeader } from "../layout/PageHeader.tsx";
import { useAccountProvider } from "../providers/account-provider.ts";
import { AppPasswordsPanel } from "./AppPasswordsPanel.tsx";
import { MailsPanel } from "./MailsPanel.tsx";
import { AddressPanel, PasswordPanel, ProfilePanel } from "./ProfilePanels.tsx";
import { SessionsPanel } from "./SessionsPanel.tsx";
import { TotpPanel } from "./TotpPanel.tsx";

/** One's own account, asked for again after every change. */
export function useAccount() {
  const provider = useAccountProvider();
  return useQuery({ queryKey: ["account"], queryFn: () => provider.account() });
}

/** Everything about oneself: name, password, second step, sessions, mails. */
export function AccountPage() {
  const { data: account, error, refetch } = useAccount();
  const header = <PageHeader title="My account" {...(account ? { subtitle: account.email } : {})} />;
  if (account === undefined) {
    return (
      <>
        {header}
        {error ? <ErrorMessage error={error} onRetry={refetch} /> : <SkeletonLines count={8} />}
      </>
    );
  }
  return (
    <>
      {header}
      <div className="stack form">
        <ProfilePanel account={account} />
        <TotpPanel account={account} />
        <SessionsPanel />
        <AppPasswordsPanel customer={account.organisation?.name ?? null} />
        <PasswordPanel />
        <AddressPanel />
        <MailsPanel account={account} />
      </div>
    </>
  );
}
