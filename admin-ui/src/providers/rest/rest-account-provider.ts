import type { AccountProvider } from "../account-provider.ts";
import type { ApiClient } from "./api-client.ts";

/** Accounts over the control plane's API. */
export function createRestAccountProvider(api: ApiClient): AccountProvider {
  return {
    signInOptions: () => api.get("/sign-in-options"),
    register: (request) => api.send("POST", "/registrations", request),
    lookAtLink: (secret) => api.send("POST", "/links/look", { secret }),
    completeRegistration: (acceptance) => api.send("POST", "/registrations/complete", acceptance),
    acceptInvitation: (acceptance) => api.send("POST", "/invitations/accept", acceptance),
    askPasswordReset: (email) => api.send("POST", "/password-resets", { email }),
    completePasswordReset: (completion) => api.send("POST", "/password-resets/complete", completion),
    confirmEmail: (secret) => api.send("POST", "/account/email-change/confirm", { secret }),
    unsubscribe: (secret) => api.send("POST", "/unsubscriptions", { secret }),
    account: () => api.get("/account"),
    updateAccount: (update) => api.send("PUT", "/account", update),
    changePassword: (change) => api.send("PUT", "/session/password", change),
    askEmailChange: (request) => api.send("POST", "/account/email-change", request),
    setUpTotp: (currentPassword) => api.send("POST", "/account/totp", { currentPassword }),
    confirmTotp: (code) => api.send("POST", "/account/totp/confirm", { code }),
    replaceRecoveryCodes: (currentPassword) => api.send("POST", "/account/totp/recovery-codes", { currentPassword }),
    removeTotp: (currentPassword) => api.send("POST", "/account/totp/remove", { currentPassword }),
    sessions: async () => (await api.get<{ sessions: [] }>("/account/sessions")).sessions,
    endSession: (id) => api.send("DELETE", `/account/sessions/${encodeURIComponent(id)}`),
    endOtherSessions: () => api.send("POST", "/account/sessions/end-others"),
    chooseMails: (preferences) => api.send("PUT", "/account/mail-preferences", { preferences }),
    updateOrganisation: (update) => api.send("PUT", "/organisation", update),
  };
}
