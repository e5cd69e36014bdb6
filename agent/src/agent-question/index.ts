// Questions that the control plane passes on to this host while somebody waits: what is in a private repository, which only this host can open, files
// of the live machine, and what rules would leave out of its backups. The host's own policy is asked first. All are answered by processes of their own. Those for repositories and
// files (backup's snapshot reader, file-manager) begin with the first question, stay for a few minutes after the last and end with the agent.
export * from "./create-question-answerer.ts";
