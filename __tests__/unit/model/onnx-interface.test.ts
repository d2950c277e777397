import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { interfaceOf } from '../../../src/model/onnx/interface.ts';
import { withoutZipMap } from '../../../src/model/onnx/zip-map.ts';
import { WireError } from '../../../src/model/onnx/wire.ts';

const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../fixtures/pretrained/${name}`, import.meta.url)));

describe("another tool's ONNX file", () => {
  it('tells its inputs and outputs', () => {
    const { inputs, outputs } = interfaceOf(fixture('income-columns.onnx'));
    expect(inputs.map(({ name, element, shape }) => [name, element, shape])).toEqual([
      ...['age', 'education_num', 'capital_gain', 'hours_per_week'].map((name) => [name, 'float', [null, 1]]),
      ...['marital_status', 'occupation'].map((name) => [name, 'string', [null, 1]]),
    ]);
    expect(outputs).toEqual([
      { name: 'output_label', element: 'string', shape: [null] },
      { name: 'output_probability', element: 'no-tensor', shape: null },
    ]);
  });

  it('gives its probabilities as a tensor in place of a sequence of maps', () => {
    const { model, names } = withoutZipMap(fixture('income-columns.onnx'));
    expect(names).toEqual(['<=50K', '>50K']);
    expect(interfaceOf(model).outputs).toEqual([
      { name: 'output_label', element: 'string', shape: [null] },
      { name: 'probabilities', element: 'float', shape: null },
    ]);
    expect(withoutZipMap(model)).toEqual({ model, names: null });
  });

  it('stays byte for byte what it is without such a sequence', () => {
    const file = fixture('income-matrix.onnx');
    expect(withoutZipMap(file)).toEqual({ model: file, names: null });
  });

  it('is refused with a reason wherever it is cut off', () => {
    const file = fixture('income-columns.onnx');
    let refused = 0;
    for (let end = 0; end < file.length; end++) {
      try {
        interfaceOf(file.subarray(0, end));
        withoutZipMap(file.subarray(0, end));
      } catch (error) {
        expect(error).toBeInstanceOf(WireError);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(file.length - 50);
  });
});
