/** What a project serves besides Auth: emails through Mailpit's API, text messages, the log, and the API keys. */
import { scenario } from '../scenario.ts';

export const heading = 'Reading email';

export const scenarios = [
  scenario('mailbox', 'Emails as a list, as search results and one by one', async (project) => {
    const ada = await project.given.user();
    await project.send('POST /recover', { body: { email: ada.email } });
    const inbox = `GET ${project.target.inbox}/api/v1`;
    const search = `${inbox}/search?query=${encodeURIComponent(`to:${ada.email}`)}`;
    const { body } = await project.send<{ messages: { ID: string }[] }>(search);
    await project.send(`${inbox}/message/${body.messages[0]?.ID}`);
    await project.send(`${inbox}/message/nonsense`);
    await project.send(`${inbox}/search?query=${encodeURIComponent(`to:"${project.email('nobody')}"`)}`);
  }),
];
