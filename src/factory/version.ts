import manifest from '../../package.json' with { type: 'json' };

/** Version of the factory itself, as in package.json. */
export const factoryVersion: string = manifest.version;
