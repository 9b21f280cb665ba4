import { authVersion } from '../version.ts';

/** `GET /health`. The version says whose answers these are. */
export function showHealth(): unknown {
  return {
    version: `v${authVersion}-demo-project`,
    name: 'GoTrue',
    description: 'GoTrue is a user registration and authentication API',
  };
}
