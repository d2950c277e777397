import { describe, expect, it } from '@jest/globals';
import { playersOf } from '../../../../src/model/explain/players.ts';
import type { EncodedPipeline } from '../../../../src/model/pipeline.ts';

const number = (input: string) => ({ kind: 'number', input, impute: 0, offset: 0, scale: 1 }) as const;

describe('players', () => {
  it('are the inputs, with what is computed from one of them, and what is computed from several', () => {
    const pipeline: EncodedPipeline = {
      task: 'regression',
      classes: [],
      inputs: [
        { name: 'fare', type: 'number' },
        { name: 'distance', type: 'number' },
        { name: 'town', type: 'category' },
        { name: 'unread', type: 'number' },
      ],
      derived: [
        { kind: 'log', name: 'log fare', sources: ['fare'] },
        { kind: 'ratio', name: 'per km', sources: ['log fare', 'distance'] },
        { kind: 'log', name: 'log per km', sources: ['per km'] },
        { kind: 'difference', name: 'saved', sources: ['fare', 'log fare'] },
      ],
      steps: [
        ...['log fare', 'log per km', 'distance', 'per km', 'saved'].map(number),
        { kind: 'category', input: 'town', levels: ['a', 'b'], encoding: 'one-hot' },
      ],
      predictor: { kind: 'constant', outputs: Float64Array.of(1) },
    };
    const { names, ofFeature } = playersOf(pipeline);
    expect(names).toEqual(['fare', 'distance', 'town', 'unread', 'per km']);
    expect([...ofFeature].map((player) => names[player])).toEqual([
      ...['fare', 'per km', 'distance', 'per km', 'fare'],
      ...['town', 'town', 'town'],
    ]);
  });
});
