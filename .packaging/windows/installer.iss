; The installer for Windows, for Inno Setup 6. Build the folder first (docs/app.md), then:
;   iscc /DVersion=0.2.0 .packaging\windows\installer.iss
; It installs for the person who runs it and asks for no rights of an administrator.
#ifndef Version
  #error Give the version: iscc /DVersion=0.2.0
#endif

[Setup]
AppId=kantata-importer
AppName=importer
AppVersion={#Version}
AppVerName=importer {#Version}
DefaultDirName={autopf}\importer
DefaultGroupName=importer
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
LicenseFile=..\..\LICENSE
SetupIconFile=..\icon.ico
UninstallDisplayIcon={app}\open-importer.exe
OutputDir=..\..\dist
OutputBaseFilename=importer-{#Version}-setup
Compression=lzma2
SolidCompression=yes
WizardStyle=modern
CloseApplications=yes

[Tasks]
Name: desktop; Description: "{cm:CreateDesktopIcon}"

[InstallDelete]
; Of an earlier version, nothing may be left between the libraries of this one.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "..\..\dist\importer-app\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion

[Icons]
Name: "{group}\importer"; Filename: "{app}\open-importer.exe"
Name: "{group}\Licenses"; Filename: "{app}\LICENSES.txt"
Name: "{autodesktop}\importer"; Filename: "{app}\open-importer.exe"; Tasks: desktop

[Run]
Filename: "{app}\open-importer.exe"; Description: "{cm:LaunchProgram,importer}"; Flags: nowait postinstall skipifsilent
