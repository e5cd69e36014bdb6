/** The password that a file or a command says; spaces and line ends around it do not count, as restic has it. Empty when there is none. */
export function passwordInFile(text: string): string {
  return text.replace(/^\ufeff/, "").trim();
}
