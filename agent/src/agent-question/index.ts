// Questions that the control plane passes on to this host while somebody waits: what is in a private repository, which only this host can open, and files
// of the live machine. The host's own policy is asked first. Both are answered by processes of their own (backup's snapshot reader, file-manager),
// which begin with the first question, stay for a few minutes after the last and end with the agent.
export * from "./create-question-answerer.ts";
