-- The tables of the sandbox's database, named as the API's collections.
-- Times are ISO 8601 text in UTC with six digits of a second, so that they sort as text. Booleans are 0 and 1.
-- AUTOINCREMENT: no new record gets the id of a deleted one.

CREATE TABLE sandbox (name TEXT PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE requests (
  number INTEGER PRIMARY KEY AUTOINCREMENT, received_at TEXT NOT NULL, method TEXT NOT NULL,
  path TEXT NOT NULL, query TEXT NOT NULL, body TEXT NOT NULL, token TEXT, status INTEGER,
  committed INTEGER NOT NULL DEFAULT 0, rows_written INTEGER NOT NULL DEFAULT 0, fault TEXT,
  request_id TEXT NOT NULL);

CREATE TABLE users (
  id INTEGER PRIMARY KEY AUTOINCREMENT, full_name TEXT NOT NULL, email_address TEXT NOT NULL, headline TEXT,
  account_id INTEGER NOT NULL, disabled INTEGER NOT NULL DEFAULT 0,
  created_at TEXT NOT NULL, updated_at TEXT NOT NULL);
CREATE INDEX users_by_name ON users (full_name COLLATE NOCASE, id);

CREATE TABLE account_memberships (
  id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER NOT NULL, permission TEXT NOT NULL,
  manager_id INTEGER, manager_can_edit_skills INTEGER NOT NULL DEFAULT 0, disabled_at TEXT,
  created_at TEXT NOT NULL, updated_at TEXT NOT NULL);
CREATE INDEX account_memberships_by_user ON account_memberships (user_id);
CREATE INDEX account_memberships_by_manager ON account_memberships (manager_id);

CREATE TABLE skill_categories (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL);

CREATE TABLE skills (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, description TEXT, max_level INTEGER NOT NULL,
  skill_category_id INTEGER NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL);
CREATE INDEX skills_by_name ON skills (name COLLATE NOCASE, id);

CREATE TABLE workspace_groups (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, company INTEGER NOT NULL DEFAULT 0,
  contact_name TEXT, email TEXT, phone_number TEXT, address TEXT, website TEXT, notes TEXT,
  created_at TEXT NOT NULL, updated_at TEXT NOT NULL);

CREATE TABLE organizations (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, type TEXT NOT NULL, parent_id INTEGER,
  created_at TEXT NOT NULL, updated_at TEXT NOT NULL);

CREATE TABLE workspaces (
  id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL, archived INTEGER NOT NULL DEFAULT 0,
  account_id INTEGER NOT NULL,
  created_at TEXT NOT NULL, updated_at TEXT NOT NULL);

CREATE TABLE participations (
  id INTEGER PRIMARY KEY AUTOINCREMENT, workspace_id INTEGER NOT NULL, user_id INTEGER NOT NULL,
  role TEXT NOT NULL);
CREATE INDEX participations_by_user ON participations (user_id, workspace_id);
CREATE INDEX participations_by_workspace ON participations (workspace_id, user_id);

CREATE TABLE skill_memberships (
  id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER NOT NULL, skill_id INTEGER NOT NULL,
  level INTEGER NOT NULL DEFAULT 0, cached_skill_name TEXT NOT NULL, creator_id INTEGER,
  created_at TEXT NOT NULL, updated_at TEXT NOT NULL);
CREATE INDEX skill_memberships_by_user ON skill_memberships (user_id, skill_id);
CREATE INDEX skill_memberships_by_skill ON skill_memberships (skill_id);
CREATE INDEX skill_memberships_newest ON skill_memberships (created_at DESC, id);
CREATE INDEX skill_memberships_oldest ON skill_memberships (created_at, id);

CREATE TABLE user_group_memberships (
  id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER NOT NULL, workspace_group_id INTEGER NOT NULL,
  creator_id INTEGER, created_at TEXT NOT NULL);
CREATE INDEX user_group_memberships_by_user ON user_group_memberships (user_id, workspace_group_id);
CREATE INDEX user_group_memberships_newest ON user_group_memberships (created_at DESC, id);

CREATE TABLE organization_memberships (
  id INTEGER PRIMARY KEY AUTOINCREMENT, member_type TEXT NOT NULL, member_id INTEGER NOT NULL,
  geography_id INTEGER NOT NULL, department_id INTEGER NOT NULL, is_primary INTEGER NOT NULL DEFAULT 0,
  created_at TEXT NOT NULL, updated_at TEXT NOT NULL);
CREATE INDEX organization_memberships_by_member ON organization_memberships (member_id, member_type);

CREATE TABLE external_references (
  id INTEGER PRIMARY KEY AUTOINCREMENT, subject_type TEXT NOT NULL, subject_id INTEGER NOT NULL,
  service_name TEXT NOT NULL, service_model TEXT NOT NULL, service_model_ref TEXT NOT NULL, status TEXT,
  created_at TEXT NOT NULL, updated_at TEXT NOT NULL);
CREATE INDEX external_references_by_subject ON external_references (subject_type, subject_id);
