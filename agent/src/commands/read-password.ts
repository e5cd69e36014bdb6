import { readFile } from "node:fs/promises";
import { ReadStream } from "node:tty";
import { CommandError, resolveFrom, type Terminal, write } from "../command-line/index.ts";

/** A password: the first line of a file, or typed on a terminal without echo. Throws CommandError when there is neither. */
export async function readPassword(terminal: Terminal, file: string | undefined, prompt: string): Promise<string> {
  if (file !== undefined) {
    const [line = ""] = (await readFile(resolveFrom(terminal.workingDirectory, file), "utf8")).split(/\r?\n/);
    if (line === "")
      throw new CommandError("input", `the first line of ${file} is empty; a password is expected there`);
    return line;
  }
  const { stdin } = terminal;
  if (!(stdin instanceof ReadStream)) {
    throw new CommandError("usage", "no terminal to ask for the password; give --password-file FILE");
  }
  await write(terminal.stderr, prompt);
  stdin.setRawMode(true);
  try {
    return await typedLine(stdin);
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    await write(terminal.stderr, "\n");
  }
}

/** One line typed in raw mode: backspace and Ctrl-U edit, Ctrl-C and Ctrl-D give up. */
function typedLine(stdin: ReadStream): Promise<string> {
  return new Promise((resolve, reject) => {
    let line = "";
    stdin.setEncoding("utf8");
    const listen = (text: string) => {
      for (const key of text) {
        if (key === "\r" || key === "\n") {
          stdin.off("data", listen);
          return resolve(line);
        }
        if (key === "\u0003" || key === "\u0004") {
          stdin.off("data", listen);
          return reject(new CommandError("interrupted", "no password was given"));
        }
        if (key === "\u007f" || key === "\b") line = [...line].slice(0, -1).join("");
        else if (key === "\u0015") line = "";
        else line += key;
      }
    };
    stdin.on("data", listen);
    stdin.resume();
  });
}
