-- Opens the file on neovim's command line with the server, prints what it finds, applies the first fix, and prints the
-- file's changed lines. Run by neovim.test.ts. Only what neovim 0.7 has is used.
local id = vim.lsp.start_client({
  name = 'ritual',
  cmd = { vim.env.RITUAL_NODE, vim.env.RITUAL_SERVER, '--stdio' },
  root_dir = vim.fn.getcwd(),
})
assert(id, 'the server did not start')
vim.lsp.buf_attach_client(0, id)

local function say(...)
  io.stdout:write(string.format(...), '\n')
end

local found = vim.wait(30000, function() return #vim.diagnostic.get(0) > 0 end, 20)
for _, diagnostic in ipairs(vim.diagnostic.get(0)) do
  local lsp = diagnostic.user_data.lsp
  say('diagnostic %d:%d %s %s', diagnostic.lnum + 1, diagnostic.col + 1, lsp.code, diagnostic.message)
  for _, step in ipairs(lsp.relatedInformation or {}) do say('step %s', step.message) end
end

for _, diagnostic in ipairs(vim.diagnostic.get(0)) do
  if diagnostic.user_data.lsp.code == 'double-free' then
    local range = {
      start = { line = diagnostic.lnum, character = diagnostic.col },
      ['end'] = { line = diagnostic.end_lnum, character = diagnostic.end_col },
    }
    local answers = vim.lsp.buf_request_sync(0, 'textDocument/codeAction', {
      textDocument = vim.lsp.util.make_text_document_params(0),
      range = range,
      context = { diagnostics = {} },
    }, 10000)
    local hover = vim.lsp.buf_request_sync(0, 'textDocument/hover', {
      textDocument = vim.lsp.util.make_text_document_params(0),
      position = { line = diagnostic.lnum, character = diagnostic.end_col - 1 },
    }, 10000)
    say('hover %s', vim.inspect(hover[id].result.contents.value))
    local actions = answers[id].result
    for _, action in ipairs(actions) do say('action %s', action.title) end
    vim.lsp.util.apply_workspace_edit(actions[1].edit, 'utf-16')
    vim.wait(10000, function()
      for _, left in ipairs(vim.diagnostic.get(0)) do
        if left.user_data.lsp.code == 'double-free' then return false end
      end
      return true
    end, 20)
    for _, left in ipairs(vim.diagnostic.get(0)) do say('left %s', left.user_data.lsp.code) end
  end
end

vim.lsp.stop_client(id)
vim.wait(5000, function() return vim.lsp.client_is_stopped(id) end, 20)
vim.cmd(found and 'write' or 'cquit! 1')
vim.cmd('qall!')
