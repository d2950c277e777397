/** Encodings that a configuration can name. `latin-1` is read as Windows-1252, which has the same letters and more. */
export type Encoding = 'utf-8' | 'latin-1' | 'windows-1252' | 'utf-16';

type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** The chunks of a file in UTF-8. UTF-16 without a byte order mark is little-endian. */
export function inUtf8(chunks: Chunks, encoding: Encoding = 'utf-8'): Chunks {
  return encoding === 'utf-8' ? chunks : transcoded(chunks, encoding);
}

async function* transcoded(chunks: Chunks, encoding: Exclude<Encoding, 'utf-8'>): AsyncIterable<Uint8Array> {
  const encoder = new TextEncoder();
  let decoder: ReturnType<typeof decoderOf> | undefined;
  for await (const chunk of chunks) {
    decoder ??= decoderOf(encoding, chunk);
    yield encoder.encode(decoder.decode(chunk, { stream: true }));
  }
  if (decoder) yield encoder.encode(decoder.decode());
}

function decoderOf(encoding: Exclude<Encoding, 'utf-8'>, head: Uint8Array) {
  const bigEndian = head[0] === 0xfe && head[1] === 0xff;
  return new TextDecoder(encoding !== 'utf-16' ? 'windows-1252' : bigEndian ? 'utf-16be' : 'utf-16le');
}
