"""The columns in which a sheet names people, skills, groups and organizations; shared by the endpoint files."""

from importer.endpoints.declare import WITHIN, Directory, NameColumn

PERSON = (
    NameColumn(
        header="email",
        field="user_id",
        directory=Directory.EMAILS,
        title="E-mail",
        description="The person's e-mail address in Kantata. Letter case does not matter.",
        example="dana@example.com",
        also=("e-mail", "email address", "e-mail address", "mail"),
    ),
    NameColumn(
        header="external_id",
        field="user_id",
        directory=Directory.EXTERNAL_IDS,
        title="External ID",
        description="What another system calls the person, where Kantata has been told: an external reference.",
        example="HR-10023",
        also=("external reference",),
        is_rare=True,
    ),
    NameColumn(
        header="user",
        field="user_id",
        directory=Directory.PEOPLE,
        title="Full name",
        description="The person's full name in Kantata. Refused where two people share it: then use the e-mail.",
        example="Dana Reyes",
        also=("name", "full name", "person", "employee"),
    ),
)

SKILL = NameColumn(
    header="skill",
    field="skill_id",
    directory=Directory.SKILLS,
    title="Skill",
    description="The skill's name in Kantata.",
    example="Python",
    also=("skill name",),
)

GROUP = NameColumn(
    header="group",
    field="workspace_group_id",
    directory=Directory.GROUPS,
    title="Group",
    description="The group's name in Kantata.",
    example="Delivery Europe",
    also=("group name",),
)

GEOGRAPHY = NameColumn(
    header="geography",
    field="geography_id",
    directory=Directory.GEOGRAPHIES,
    title="Geography",
    description="A name from the geography tree, or a path when the name stands there twice.",
    example="Americas > United States",
)

DEPARTMENT = NameColumn(
    header="department",
    field="department_id",
    directory=Directory.DEPARTMENTS,
    title="Department",
    description="A name from the department tree, or a path when the name stands there twice.",
    example="Delivery > Data",
)

MEMBER = NameColumn(
    header="member",
    field="member_id",
    directory=Directory.MEMBERS,
    title="Member",
    description="A person's e-mail address, or a project's title, as the member type says.",
    example="dana@example.com",
)


def within(category: str, name: str) -> str:
    """What is looked up for a name under a category; a name that says what it is within is looked up as it is."""
    return f"{category}{WITHIN}{name}" if name and category and WITHIN not in name else name
