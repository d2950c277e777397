import { describe, expect, it } from '@jest/globals';
import { formatChecksums, parseChecksums } from '../../../src/registry/checksums.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const files = new Map([
  ['model.onnx', bytes('abc')],
  ['golden.json', bytes('')],
]);

describe('SHA256SUMS', () => {
  const text = formatChecksums(files);

  it('is what sha256sum prints', () => {
    expect(text).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  golden.json\n' +
        'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  model.onnx\n',
    );
    expect([...parseChecksums(text).keys()]).toEqual(['golden.json', 'model.onnx']);
  });

  it.each([['not a line'], [`${'0'.repeat(64)}  ../model.onnx`], [`${text}${text}`], ['']])(
    'refuses %j',
    (broken) => {
      expect(() => parseChecksums(broken)).toThrow(expect.objectContaining({ code: 'DOCUMENT_INVALID' }));
    },
  );
});
