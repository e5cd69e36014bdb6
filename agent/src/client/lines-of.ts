/** The lines of an answer as they come, without empty ones. Throws when the connection breaks. */
export async function* linesOf(response: Response): AsyncGenerator<string, undefined> {
  let rest = "";
  for await (const piece of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") yield line;
  }
  if (rest !== "") yield rest;
}
