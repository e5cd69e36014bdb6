import { lazy, useCallback, useState } from "react";
import {
  AdminContext,
  CoreAdminUI,
  type CoreLayoutProps,
  CustomRoutes,
  defaultI18nProvider,
  localStorageStore,
  Resource,
  type Store,
} from "react-admin";
import { Route } from "react-router-dom";
import { Layout } from "./layout/Layout.tsx";
import { NotFound } from "./layout/NotFound.tsx";
import { Forgotten, Register } from "./login/AskForMail.tsx";
import { LinkPage } from "./login/LinkPage.tsx";
import { Login } from "./login/Login.tsx";
import { UnsubscribePage } from "./login/UnsubscribePage.tsx";
import { FirstPage, MachinesPage, OverviewPage } from "./overview/FirstPage.tsx";
import { AccountContext } from "./providers/account-provider.ts";
import { DnsContext } from "./providers/dns-provider.ts";
import { LogsContext } from "./providers/logs-provider.ts";
import { createQueryClient } from "./providers/query-client.ts";
import { SmartViewContext } from "./providers/smart-view-provider.ts";
import type { Providers } from "./providers/types.ts";
import { apiTokens } from "./resources/api-tokens/index.ts";
import { auditEntries } from "./resources/audit-entries/index.ts";
import { availability } from "./resources/availability/index.ts";
import { backupPolicies } from "./resources/backup-policies/index.ts";
import { backupRepositories } from "./resources/backup-repositories/index.ts";
import { backupRuns } from "./resources/backup-runs/index.ts";
import { checks } from "./resources/checks/index.ts";
import { contacts } from "./resources/contacts/index.ts";
import { customers } from "./resources/customers/index.ts";
import { dependencies } from "./resources/dependencies/index.ts";
import { downtimes } from "./resources/downtimes/index.ts";
import { enrolmentTokens } from "./resources/enrolment-tokens/index.ts";
import { eventHandlers } from "./resources/event-handlers/index.ts";
import { forwards } from "./resources/forwards/index.ts";
import { contactGroups, hostGroups, serviceGroups } from "./resources/groups/index.ts";
import { hosts } from "./resources/hosts/index.ts";
import { logDestinations } from "./resources/log-destinations/index.ts";
import { logForwards } from "./resources/log-forwards/index.ts";
import { logSenders } from "./resources/log-senders/index.ts";
import { logSources } from "./resources/log-sources/index.ts";
import { metricsPushes } from "./resources/metrics-pushes/index.ts";
import { dnsRegistrations, dnsViews, nameServerSettings, tsigKeys } from "./resources/name-service/index.ts";
import { notificationRules } from "./resources/notification-rules/index.ts";
import { notifications } from "./resources/notifications/index.ts";
import { onCallSchedules } from "./resources/on-call-schedules/index.ts";
import { problems } from "./resources/problems/index.ts";
import { recurringDowntimes } from "./resources/recurring-downtimes/index.ts";
import { remoteWrites } from "./resources/remote-writes/index.ts";
import { serviceProposals } from "./resources/service-proposals/index.ts";
import { services } from "./resources/services/index.ts";
import { simulation } from "./resources/simulation/index.ts";
import { snmpCredentials } from "./resources/snmp-credentials/index.ts";
import { storageServers } from "./resources/storage-servers/index.ts";
import { templates } from "./resources/templates/index.ts";
import { timePeriods } from "./resources/time-periods/index.ts";
import { timeline } from "./resources/timeline/index.ts";
import { trapRules } from "./resources/trap-rules/index.ts";
import { users } from "./resources/users/index.ts";
import { zones } from "./resources/zones/index.ts";
import { darkTheme, lightTheme } from "./theme/theme.ts";
import "./theme/console.css";

const AccountPage = lazy(async () => ({ default: (await import("./account/AccountPage.tsx")).AccountPage }));
const OrganisationPage = lazy(async () => ({
  default: (await import("./account/OrganisationPage.tsx")).OrganisationPage,
}));
const BackupReportPage = lazy(async () => ({
  default: (await import("./backup-report/BackupReportPage.tsx")).BackupReportPage,
}));
const LogsPage = lazy(async () => ({ default: (await import("./logs/LogsPage.tsx")).LogsPage }));
const NameServersPage = lazy(async () => ({
  default: (await import("./resources/zones/NameServersPage.tsx")).NameServersPage,
}));
const QueryPage = lazy(async () => ({ default: (await import("./resources/zones/QueryPage.tsx")).QueryPage }));
const MachinePage = lazy(async () => ({ default: (await import("./smart-view/MachinePage.tsx")).MachinePage }));

/** The console: its resources, on the given providers. */
export function App({ providers, store = localStorageStore() }: { providers: Providers; store?: Store }) {
  const [queryClient] = useState(createQueryClient);
  const { subscribe } = providers;
  const Frame = useCallback(
    ({ children }: CoreLayoutProps) => <Layout subscribe={subscribe}>{children}</Layout>,
    [subscribe],
  );
  return (
    <AccountContext value={providers.account}>
      <SmartViewContext value={providers.smartView}>
        <LogsContext value={providers.logs}>
          <DnsContext value={providers.dns}>
            <AdminContext
              dataProvider={providers.data}
              authProvider={providers.auth}
              i18nProvider={defaultI18nProvider}
              store={store}
              queryClient={queryClient}
              lightTheme={lightTheme}
              darkTheme={darkTheme}
            >
              <CoreAdminUI
                layout={Frame}
                dashboard={FirstPage}
                loginPage={Login}
                catchAll={NotFound}
                accessDenied={NotFound}
                title="MyCloud"
                disableTelemetry
                requireAuth
              >
                <CustomRoutes noLayout>
                  <Route path="/register" element={<Register />} />
                  <Route path="/forgotten" element={<Forgotten />} />
                  <Route path="/link/:kind/:secret" element={<LinkPage />} />
                  <Route path="/unsubscribe/:secret" element={<UnsubscribePage />} />
                </CustomRoutes>
                <CustomRoutes>
                  <Route path="/overview" element={<OverviewPage />} />
                  <Route path="/backup-report" element={<BackupReportPage />} />
                  <Route path="/logs" element={<LogsPage />} />
                  <Route path="/dns/query" element={<QueryPage />} />
                  <Route path="/dns/servers" element={<NameServersPage />} />
                  <Route path="/machines" element={<MachinesPage />} />
                  <Route path="/machines/:id" element={<MachinePage />} />
                  <Route path="/machines/:id/:tab" element={<MachinePage />} />
                  <Route path="/account" element={<AccountPage />} />
                  <Route path="/account/sessions" element={<AccountPage />} />
                  <Route path="/organisation" element={<OrganisationPage />} />
                </CustomRoutes>
                <Resource name="problems" {...problems} />
                <Resource name="hosts" {...hosts} />
                <Resource name="services" {...services} />
                <Resource name="timeline" {...timeline} />
                <Resource name="availability" {...availability} />
                <Resource name="backup-repositories" {...backupRepositories} />
                <Resource name="backup-runs" {...backupRuns} />
                <Resource name="backup-policies" {...backupPolicies} />
                <Resource name="storage-servers" {...storageServers} />
                <Resource name="dns/zones" {...zones} />
                <Resource name="dns-views" {...dnsViews} />
                <Resource name="dns-registrations" {...dnsRegistrations} />
                <Resource name="tsig-keys" {...tsigKeys} />
                <Resource name="name-server-settings" {...nameServerSettings} />
                <Resource name="downtimes" {...downtimes} />
                <Resource name="recurring-downtimes" {...recurringDowntimes} />
                <Resource name="notifications" {...notifications} />
                <Resource name="checks" {...checks} />
                <Resource name="service-proposals" {...serviceProposals} />
                <Resource name="templates" {...templates} />
                <Resource name="host-groups" {...hostGroups} />
                <Resource name="service-groups" {...serviceGroups} />
                <Resource name="dependencies" {...dependencies} />
                <Resource name="time-periods" {...timePeriods} />
                <Resource name="event-handlers" {...eventHandlers} />
                <Resource name="forwards" {...forwards} />
                <Resource name="snmp-credentials" {...snmpCredentials} />
                <Resource name="trap-rules" {...trapRules} />
                <Resource name="log-sources" {...logSources} />
                <Resource name="log-senders" {...logSenders} />
                <Resource name="log-destinations" {...logDestinations} />
                <Resource name="log-forwards" {...logForwards} />
                <Resource name="metrics-pushes" {...metricsPushes} />
                <Resource name="remote-writes" {...remoteWrites} />
                <Resource name="notification-rules" {...notificationRules} />
                <Resource name="contacts" {...contacts} />
                <Resource name="contact-groups" {...contactGroups} />
                <Resource name="on-call-schedules" {...onCallSchedules} />
                <Resource name="simulation" {...simulation} />
                <Resource name="enrolment-tokens" {...enrolmentTokens} />
                <Resource name="customers" {...customers} />
                <Resource name="users" {...users} />
                <Resource name="api-tokens" {...apiTokens} />
                <Resource name="audit-entries" {...auditEntries} />
              </CoreAdminUI>
            </AdminContext>
          </DnsContext>
        </LogsContext>
      </SmartViewContext>
    </AccountContext>
  );
}
